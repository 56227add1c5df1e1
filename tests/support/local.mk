# SPDX-License-Identifier: Apache-2.0
# What tests share. A test of any room links $(TESTING_LIBS) behind the libraries of its room:
#     tests_ROOM_test_NAME_LDADD = $(ROOM_LIBS) $(TESTING_LIBS)
if TESTING
check_LIBRARIES += libtesting.a
libtesting_a_SOURCES = %D%/testing.c %D%/testing.h
libtesting_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSOURCE_FOLDER='"$(abs_top_srcdir)"' -DBUILD_FOLDER='"$(abs_top_builddir)"'
TESTING_LIBS = libtesting.a $(BASE_LIBS) $(CMOCKA_LIBS)

# An OpenSSH server for a test: $(SSHD_LIBS) before $(TESTING_LIBS).
check_LIBRARIES += libtestsshd.a
libtestsshd_a_SOURCES = %D%/sshd.c %D%/sshd.h
SSHD_LIBS = libtestsshd.a

check_PROGRAMS += %D%/test_testing
TESTS += %D%/test_testing
tests_support_test_testing_LDADD = $(TESTING_LIBS)
endif

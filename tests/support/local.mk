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

# A bad network for a test: $(FAULT_LIBS) before $(TESTING_LIBS), and the program as a dependency.
check_LIBRARIES += libtestfault.a
libtestfault_a_SOURCES = %D%/fault.c %D%/fault.h
FAULT_LIBS = libtestfault.a
check_PROGRAMS += %D%/fault_proxy
tests_support_fault_proxy_LDADD = $(BASE_LIBS)

# A user of a terminal program for a test: $(ROBOT_LIBS) before $(TESTING_LIBS).
check_LIBRARIES += libtestrobot.a
libtestrobot_a_SOURCES = %D%/robot.c %D%/robot.h
libtestrobot_a_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
ROBOT_LIBS = libtestrobot.a $(VTERM_LIBS)

check_PROGRAMS += %D%/test_testing
TESTS += %D%/test_testing
tests_support_test_testing_LDADD = $(TESTING_LIBS)
endif

# SPDX-License-Identifier: Apache-2.0
# WALKDOWN_COMPILER_FLAGS
# Sets WARNING_CFLAGS, HARDENING_CFLAGS and HARDENING_LDFLAGS to the flags of the OpenSSF compiler
# hardening guide that this compiler and linker take.

AC_DEFUN([WALKDOWN_TRY_CFLAG], [
  saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  AC_MSG_CHECKING([whether $CC takes $2])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[return 0;]])],
    [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  CFLAGS=$saved_CFLAGS
])

AC_DEFUN([WALKDOWN_TRY_LDFLAG], [
  saved_LDFLAGS=$LDFLAGS
  LDFLAGS="$LDFLAGS $2"
  AC_MSG_CHECKING([whether the linker takes $2])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [[return 0;]])],
    [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  LDFLAGS=$saved_LDFLAGS
])

AC_DEFUN([WALKDOWN_COMPILER_FLAGS], [
  WARNING_CFLAGS=
  HARDENING_CFLAGS=
  HARDENING_LDFLAGS=
  m4_foreach_w([flag], [-Wall -Wextra -Wformat=2 -Wconversion -Wno-sign-conversion -Wimplicit-fallthrough
    -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wundef -Wvla
    -Wwrite-strings -Wold-style-definition -Wbidi-chars=any -Wtrampolines -Wdeprecated-declarations],
    [WALKDOWN_TRY_CFLAG([WARNING_CFLAGS], flag)])
  AS_IF([test "x$enable_werror" = xyes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
  m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
    -ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr -fPIE],
    [WALKDOWN_TRY_CFLAG([HARDENING_CFLAGS], flag)])
  AS_IF([test "x$enable_sanitizers" = xyes],
    [HARDENING_CFLAGS="$HARDENING_CFLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
     HARDENING_LDFLAGS="-fsanitize=address,undefined"],
    [AS_CASE([" $CFLAGS "], [*" -O0 "*], [],
       [HARDENING_CFLAGS="$HARDENING_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"])
     m4_foreach_w([flag], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed],
       [WALKDOWN_TRY_LDFLAG([HARDENING_LDFLAGS], m4_quote(flag))])])
  AS_IF([test "x$enable_fuzzing" = xyes],
    [saved_HARDENING_CFLAGS=$HARDENING_CFLAGS
     WALKDOWN_TRY_CFLAG([HARDENING_CFLAGS], [-fsanitize=fuzzer-no-link])
     AS_IF([test "x$HARDENING_CFLAGS" = "x$saved_HARDENING_CFLAGS"],
       [AC_MSG_ERROR([--enable-fuzzing needs a compiler with libFuzzer: configure with CC=clang])])])
  AC_SUBST([WARNING_CFLAGS])
  AC_SUBST([HARDENING_CFLAGS])
  AC_SUBST([HARDENING_LDFLAGS])
])

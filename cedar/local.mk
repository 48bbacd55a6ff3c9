# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libcedar.a
libcedar_a_SOURCES = \
	cedar/ast.h \
	cedar/authorize.c \
	cedar/cedar.h \
	cedar/check.c cedar/check.h \
	cedar/check_expr.c \
	cedar/check_member.c \
	cedar/check_type.c \
	cedar/eval.c cedar/eval.h \
	cedar/eval_member.c \
	cedar/ext.c cedar/ext.h \
	cedar/ext_ip.c \
	cedar/ext_time.c \
	cedar/index.c \
	cedar/json.c cedar/json.h \
	cedar/lex.c cedar/lex.h \
	cedar/like.c cedar/like.h \
	cedar/load.c cedar/load.h \
	cedar/mem.c cedar/mem.h \
	cedar/model.h \
	cedar/parse.c cedar/parse.h \
	cedar/parse_expr.c \
	cedar/parse_operand.c \
	cedar/set.c cedar/set.h \
	cedar/store.c cedar/store.h \
	cedar/unescape.c \
	cedar/value.c cedar/value.h

noinst_PROGRAMS += cedarc
cedarc_SOURCES = cedar/cedarc.c
cedarc_LDADD = libcedar.a
cedarc_LDFLAGS = $(prog_ldflags)

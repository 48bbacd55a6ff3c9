# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_complete_words
test_complete_words_SOURCES = tests/unit/test_complete_words.c
test_complete_words_CPPFLAGS = $(unit_cppflags)
test_complete_words_LDADD = libctl.a $(unit_ldadd)

unit_tests += test_metrics
test_metrics_SOURCES = tests/unit/test_metrics.c
test_metrics_CPPFLAGS = $(unit_cppflags)
test_metrics_LDADD = libctl.a $(json_libs) $(unit_ldadd)

unit_tests += test_output
test_output_SOURCES = tests/unit/test_output.c
test_output_CPPFLAGS = $(unit_cppflags)
test_output_LDADD = libctl.a libbase.a $(json_libs) $(unit_ldadd)

unit_tests += test_doctor
test_doctor_SOURCES = tests/unit/test_doctor.c
test_doctor_CPPFLAGS = $(unit_cppflags) $(libexec_define)
test_doctor_LDADD = libctl.a libbase.a $(unit_ldadd)

unit_tests += test_doctor_files
test_doctor_files_SOURCES = tests/unit/test_doctor_files.c
test_doctor_files_CPPFLAGS = $(unit_cppflags)
test_doctor_files_LDADD = libctl.a $(crypto_libs) $(conf_libs) libbase.a \
	$(json_libs) $(unit_ldadd)

unit_tests += test_doctor_names
test_doctor_names_SOURCES = tests/unit/test_doctor_names.c
test_doctor_names_CPPFLAGS = $(unit_cppflags)
test_doctor_names_LDADD = libctl.a libbase.a $(unit_ldadd)

ctl_tests = test_answers test_bundle test_edit test_layer test_lines test_run
unit_tests += $(ctl_tests)
ctl_ldadd = libctl.a $(conf_libs) libbase.a $(json_libs) $(unit_ldadd)
test_answers_SOURCES = tests/unit/test_answers.c
test_answers_CPPFLAGS = $(unit_cppflags)
test_answers_LDADD = $(ctl_ldadd)
test_bundle_SOURCES = tests/unit/test_bundle.c
test_bundle_CPPFLAGS = $(unit_cppflags)
test_bundle_LDADD = $(ctl_ldadd)
test_edit_SOURCES = tests/unit/test_edit.c
test_edit_CPPFLAGS = $(unit_cppflags)
test_edit_LDADD = $(ctl_ldadd)
test_layer_SOURCES = tests/unit/test_layer.c
test_layer_CPPFLAGS = $(unit_cppflags)
test_layer_LDADD = $(ctl_ldadd)
test_lines_SOURCES = tests/unit/test_lines.c
test_lines_CPPFLAGS = $(unit_cppflags)
test_lines_LDADD = $(ctl_ldadd)
test_run_SOURCES = tests/unit/test_run.c
test_run_CPPFLAGS = $(unit_cppflags)
test_run_LDADD = $(ctl_ldadd)

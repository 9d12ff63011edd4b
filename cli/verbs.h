/* The verbs, one line each; the table is in main.c. */
#pragma once

int saxid_verb_import (int argc, char **argv);
int saxid_verb_model (int argc, char **argv);
int saxid_verb_reduce (int argc, char **argv);
int saxid_verb_report (int argc, char **argv);
int saxid_verb_reprocess (int argc, char **argv);
int saxid_verb_seed (int argc, char **argv);
int saxid_verb_show (int argc, char **argv);
int saxid_verb_simulate (int argc, char **argv);
int saxid_verb_sort (int argc, char **argv);
int saxid_verb_tag (int argc, char **argv);
int saxid_verb_study (int argc, char **argv);
int saxid_verb_train (int argc, char **argv);
int saxid_verb_untag (int argc, char **argv);
int saxid_verb_watch (int argc, char **argv);

/* The verbs, one line each; the table is in main.c. */
#pragma once

int saxid_verb_reduce (int argc, char **argv);

/* The verbs, one line each; the table is in main.c. */
#pragma once

int saxid_import_run (int argc, char **argv);

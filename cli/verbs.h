/* The verbs, one line each; the table is in main.c. */
#pragma once

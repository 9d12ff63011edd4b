/* saxid model list. */
#pragma once

/* Prints every model that can be named, and where it lies. Returns the exit code. */
int saxid_model_list (void);

/* The form factors, one per file; shape.c lists them.
 *
 * Thread: const.
 */
#pragma once

#include "models/shapes/shape.h"

extern const SaxidShape saxid_sphere;
extern const SaxidShape saxid_cylinder;
extern const SaxidShape saxid_oblate;
extern const SaxidShape saxid_prolate;
extern const SaxidShape saxid_core_shell_sphere;
extern const SaxidShape saxid_hollow_sphere;
extern const SaxidShape saxid_core_shell_cylinder;
extern const SaxidShape saxid_core_shell_oblate;
extern const SaxidShape saxid_core_shell_prolate;

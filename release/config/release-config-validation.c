/* release/config/release-config-validation.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-validation.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-validation-private.h"
#include "release/config/release-config-value-private.h"

#include <string.h>

/**
 * SECTION:release-config-validation
 * @title: ReleaseConfigValidation
 * @short_description: conditions that values have to meet
 *
 * A #ReleaseConfigValidation says which values of a key are good, and describes
 * them for messages, sample files and manual pages. There is one for each type,
 * there are many for ranges, files and users, four that put others together, and
 * release_config_validation_new() for a function of the program's own.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseConfigValidation) user = release_config_validation_existing_user ();
 *   g_autoptr(ReleaseConfigValidation) users = release_config_validation_list_of (user);
 *   g_autoptr(ReleaseConfigValue) value = release_config_value_parse ("[\"root\", 5]", NULL);
 *   g_autoptr(GError) error = NULL;
 *
 *   if (!release_config_validation_check (users, value, &error))
 *     g_printerr ("%s\n", error->message);
 * ]|
 *
 * Each refuses a value of another type than its own: an integer is no float.
 *
 * The validations of files, users and groups ask the system when they are
 * checked, and may block for as long as it does.
 *
 * A validation never changes, so any thread may use it, if a function of the
 * program's own in it is good for that.
 */

G_DEFINE_BOXED_TYPE (ReleaseConfigValidation, release_config_validation,
                     release_config_validation_ref, release_config_validation_unref)

ReleaseConfigValidation *
release_config_validation_new_check (ReleaseConfigKind   kind,
                                     gboolean          (*check) (ReleaseConfigValidation  *self,
                                                                 ReleaseConfigValue       *value,
                                                                 char                    **reason),
                                     char             *(*describe) (ReleaseConfigValidation *self))
{
  ReleaseConfigValidation *self = g_new0 (ReleaseConfigValidation, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->check = check;
  self->describe = describe;

  return self;
}

/* The mask of all kinds that @get gives for the children: of any of them, or of each of them. */
static guint
combine_kinds (ReleaseConfigValidation  *self,
               guint                   (*get) (ReleaseConfigValidation *child),
               gboolean                  is_any)
{
  guint kinds = is_any ? 0 : RELEASE_CONFIG_ALL_KINDS;

  for (guint i = 0; i < self->children->len; i++)
    {
      if (is_any)
        kinds |= get (self->children->pdata[i]);
      else
        kinds &= get (self->children->pdata[i]);
    }

  return kinds;
}

static char *
describe_children (ReleaseConfigValidation *self,
                   const char              *between)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->children->len; i++)
    {
      g_autofree char *child = release_config_validation_describe (self->children->pdata[i]);

      if (child == NULL)
        continue;
      if (text->len > 0)
        g_string_append (text, between);
      g_string_append (text, child);
    }

  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static char *
describe_all (ReleaseConfigValidation *self)
{
  return describe_children (self, _(" and "));
}

static char *
describe_any (ReleaseConfigValidation *self)
{
  return describe_children (self, _(" or "));
}

static char *
describe_list_of (ReleaseConfigValidation *self)
{
  ReleaseConfigValidation *item = self->children->pdata[0];
  g_autofree char *child = release_config_validation_describe (item);

  if (child == NULL)
    return g_strdup (_("a list"));
  if (item->form == RELEASE_CONFIG_FORM_CHECK && item->check == NULL)
    {
      switch (item->kind)
        {
        case RELEASE_CONFIG_KIND_BOOL:
          return g_strdup (_("a list of booleans"));
        case RELEASE_CONFIG_KIND_INT:
          return g_strdup (_("a list of integers"));
        case RELEASE_CONFIG_KIND_FLOAT:
          return g_strdup (_("a list of floats"));
        case RELEASE_CONFIG_KIND_STRING:
          return g_strdup (_("a list of strings"));
        case RELEASE_CONFIG_KIND_REGEXP:
          return g_strdup (_("a list of regular expressions"));
        case RELEASE_CONFIG_KIND_KEYWORD:
          return g_strdup (_("a list of keywords"));
        default:
          break;
        }
    }

  return g_strdup_printf (_("a list, each value of it %s"), child);
}

static char *
describe_value (ReleaseConfigValue *value)
{
  g_autofree char *text = release_config_value_print (value);

  return release_config_quote (text, strlen (text));
}

static char *
refuse_list (ReleaseConfigValidation *self,
             ReleaseConfigValue      *value,
             gsize                   *item)
{
  for (gsize i = *item; i < release_config_value_get_n_values (value); i++)
    {
      gsize none = 0;
      g_autofree char *problem =
        release_config_validation_refuse (self->children->pdata[0],
                                          release_config_value_get_nth (value, i), &none);

      if (problem != NULL)
        {
          *item = i + 1;
          return g_strdup_printf (_("value %" G_GSIZE_FORMAT " of the list: %s"), i + 1, problem);
        }
    }

  return NULL;
}

static char *
refuse_all (ReleaseConfigValidation *self,
            ReleaseConfigValue      *value,
            gsize                   *item)
{
  for (guint i = 0; i < self->children->len; i++)
    {
      gsize own_item = *item;
      char *problem = release_config_validation_refuse (self->children->pdata[i], value, &own_item);

      if (problem != NULL)
        {
          *item = own_item;
          return problem;
        }
    }

  return NULL;
}

/* Of several refusals that of the only validation for values of the type says most. */
static char *
refuse_any (ReleaseConfigValidation *self,
            ReleaseConfigValue      *value,
            gsize                   *item)
{
  guint kind = 1u << release_config_value_get_kind (value);
  g_autofree char *problem = NULL;
  gsize problem_item = 0;
  guint n_of_kind = 0;

  for (guint i = 0; i < self->children->len; i++)
    {
      ReleaseConfigValidation *child = self->children->pdata[i];
      gsize own_item = *item;
      g_autofree char *refusal = release_config_validation_refuse (child, value, &own_item);

      if (refusal == NULL)
        return NULL;
      if ((release_config_validation_get_kinds (child) & kind) != 0)
        {
          n_of_kind++;
          g_free (problem);
          problem = g_steal_pointer (&refusal);
          problem_item = own_item;
        }
    }

  *item = n_of_kind == 1 ? problem_item : 0;
  if (n_of_kind == 1)
    return g_steal_pointer (&problem);
  else
    {
      g_autofree char *shown = describe_value (value);
      g_autofree char *wanted = release_config_validation_describe (self);

      return g_strdup_printf (_("%s is not %s"), shown, wanted != NULL ? wanted : _("good"));
    }
}

/* What a person has to do who wrote @value for one of another kind; empty if that is not clear. */
static char *
describe_remedy (ReleaseConfigKind   wanted,
                 ReleaseConfigValue *value)
{
  ReleaseConfigKind kind = release_config_value_get_kind (value);

  if (wanted == RELEASE_CONFIG_KIND_LIST)
    return g_strdup (_("; a list is written in brackets"));
  if (wanted == RELEASE_CONFIG_KIND_STRING && kind != RELEASE_CONFIG_KIND_LIST)
    return g_strdup (_("; a string is written in double quotes"));
  if (wanted == RELEASE_CONFIG_KIND_REGEXP && kind == RELEASE_CONFIG_KIND_STRING)
    return g_strdup (_("; a regular expression is written in slashes"));
  if (kind == RELEASE_CONFIG_KIND_STRING)
    return g_strdup (_("; it is written without quotes"));
  if (wanted == RELEASE_CONFIG_KIND_FLOAT && kind == RELEASE_CONFIG_KIND_INT)
    return g_strdup_printf (_("; write %" G_GINT64_FORMAT ".0"),
                            release_config_value_to_int (value));

  return g_strdup ("");
}

static char *
refuse_kind (ReleaseConfigValidation *self,
             ReleaseConfigValue      *value)
{
  g_autofree char *shown = describe_value (value);
  g_autofree char *wanted = release_config_validation_describe (self);
  g_autofree char *remedy = describe_remedy (self->kind, value);

  return g_strdup_printf (_("%s is %s, not %s%s"), shown,
                          release_config_kind_describe (release_config_value_get_kind (value)),
                          wanted, remedy);
}

static char *
refuse_check (ReleaseConfigValidation *self,
              ReleaseConfigValue      *value)
{
  g_autofree char *reason = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *wanted = NULL;

  if (self->check == NULL || self->check (self, value, &reason))
    return NULL;

  shown = describe_value (value);
  wanted = release_config_validation_describe (self);
  if (reason != NULL)
    return g_strdup_printf (_("%s is not %s: %s"), shown, wanted, reason);

  return g_strdup_printf (_("%s is not %s"), shown, wanted);
}

/* What is wrong with @value, or NULL: "11 is not an integer from 0 to 10". If it is a value of a
 * list, @item becomes its number, from 1; else 0. Of a list the first values, as many as @item said
 * before, are not looked at: so a caller goes from one to the next. */
char *
release_config_validation_refuse (ReleaseConfigValidation *self,
                                  ReleaseConfigValue      *value,
                                  gsize                   *item)
{
  char *problem;

  if (self->form == RELEASE_CONFIG_FORM_ALL)
    return refuse_all (self, value, item);
  if (self->form == RELEASE_CONFIG_FORM_ANY)
    return refuse_any (self, value, item);
  if (self->form == RELEASE_CONFIG_FORM_LIST
      && release_config_value_get_kind (value) == RELEASE_CONFIG_KIND_LIST)
    return refuse_list (self, value, item);

  if (self->form == RELEASE_CONFIG_FORM_FUNC)
    problem = self->func (value, self->user_data);
  else if (release_config_value_get_kind (value) != self->kind)
    problem = refuse_kind (self, value);
  else
    problem = refuse_check (self, value);
  *item = 0;

  return problem;
}

guint
release_config_validation_get_kinds (ReleaseConfigValidation *self)
{
  if (self->form == RELEASE_CONFIG_FORM_ALL || self->form == RELEASE_CONFIG_FORM_ANY)
    return combine_kinds (self, release_config_validation_get_kinds,
                          self->form == RELEASE_CONFIG_FORM_ANY);

  return self->kind == RELEASE_CONFIG_KIND_ANY ? RELEASE_CONFIG_ALL_KINDS : 1u << self->kind;
}

guint
release_config_validation_item_kinds (ReleaseConfigValidation *self)
{
  if (self->form == RELEASE_CONFIG_FORM_LIST)
    return release_config_validation_get_kinds (self->children->pdata[0]);
  if (self->form == RELEASE_CONFIG_FORM_ALL || self->form == RELEASE_CONFIG_FORM_ANY)
    return combine_kinds (self, release_config_validation_item_kinds,
                          self->form == RELEASE_CONFIG_FORM_ANY);

  return self->kind == RELEASE_CONFIG_KIND_ANY ? RELEASE_CONFIG_ALL_KINDS : 0;
}

static ReleaseConfigValidation *
validation_new_children (ReleaseConfigForm          form,
                         char                    *(*describe) (ReleaseConfigValidation *self),
                         ReleaseConfigValidation  **children,
                         gsize                      n_children)
{
  ReleaseConfigKind kind = form == RELEASE_CONFIG_FORM_LIST ? RELEASE_CONFIG_KIND_LIST
                                                            : RELEASE_CONFIG_KIND_ANY;
  ReleaseConfigValidation *self = release_config_validation_new_check (kind, NULL, describe);

  self->form = form;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                   release_config_validation_unref);
  for (gsize i = 0; i < n_children; i++)
    {
      g_ptr_array_add (self->children, release_config_validation_ref (children[i]));
      if (children[i]->is_optional && form != RELEASE_CONFIG_FORM_LIST)
        self->is_optional = TRUE;
    }

  return self;
}

/**
 * release_config_validation_list_of: (constructor)
 * @validation: what each value of the list has to meet
 *
 * The value is a list of good values. An empty list is one.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_list_of (ReleaseConfigValidation *validation)
{
  g_return_val_if_fail (validation != NULL, NULL);

  return validation_new_children (RELEASE_CONFIG_FORM_LIST, describe_list_of, &validation, 1);
}

/**
 * release_config_validation_all_of:
 * @validations: (array length=n_validations): validations
 * @n_validations: how many
 *
 * The value meets all of @validations. The first that it does not meet gives the
 * message.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_all_of (ReleaseConfigValidation **validations,
                                  gsize                     n_validations)
{
  g_return_val_if_fail (validations != NULL || n_validations == 0, NULL);

  return validation_new_children (RELEASE_CONFIG_FORM_ALL, describe_all, validations,
                                  n_validations);
}

/**
 * release_config_validation_any_of:
 * @validations: (array length=n_validations): validations
 * @n_validations: how many
 *
 * The value meets one of @validations.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_any_of (ReleaseConfigValidation **validations,
                                  gsize                     n_validations)
{
  g_return_val_if_fail (validations != NULL || n_validations == 0, NULL);

  return validation_new_children (RELEASE_CONFIG_FORM_ANY, describe_any, validations,
                                  n_validations);
}

/**
 * release_config_validation_optional: (constructor)
 * @validation: what the value has to meet, if there is one
 *
 * The key need not be there, although it has no default. If it is, its value
 * meets @validation; if not, the configuration has no value for it.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_optional (ReleaseConfigValidation *validation)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (validation != NULL, NULL);

  self = validation_new_children (RELEASE_CONFIG_FORM_ALL, describe_all, &validation, 1);
  self->is_optional = TRUE;

  return self;
}

/**
 * release_config_validation_new:
 * @func: (scope notified) (closure user_data) (destroy destroy): decides
 * @user_data: what @func gets
 * @destroy: (nullable): frees @user_data with the validation
 *
 * Makes a validation of a function of the program's own. It gets values of any
 * type, for it may be the only validation of a key.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_new (ReleaseConfigValidateFunc func,
                               gpointer                  user_data,
                               GDestroyNotify            destroy)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_ANY, NULL, NULL);
  self->form = RELEASE_CONFIG_FORM_FUNC;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

/**
 * release_config_validation_ref:
 * @self: a #ReleaseConfigValidation
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_ref (ReleaseConfigValidation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * release_config_validation_unref:
 * @self: (transfer full): a #ReleaseConfigValidation
 *
 * Gives a reference back. The last one frees the validation.
 *
 * Since: 0.1
 */
void
release_config_validation_unref (ReleaseConfigValidation *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_clear_pointer (&self->raw_regex, g_regex_unref);
  g_clear_pointer (&self->choices, release_config_value_unref);
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_free (self->text);
  g_free (self);
}

/**
 * release_config_validation_check:
 * @self: a #ReleaseConfigValidation
 * @value: a value
 * @error: return location for a #GError, or %NULL
 *
 * Checks a value. Fails with %RELEASE_CONFIG_ERROR_INVALID if it is not good; the
 * message names the value and what it should be.
 *
 * Returns: %TRUE if it is good, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_validation_check (ReleaseConfigValidation  *self,
                                 ReleaseConfigValue       *value,
                                 GError                  **error)
{
  g_autofree char *problem = NULL;
  gsize item = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  problem = release_config_validation_refuse (self, value, &item);
  if (problem == NULL)
    return TRUE;

  g_set_error_literal (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID, problem);

  return FALSE;
}

/**
 * release_config_validation_describe:
 * @self: a #ReleaseConfigValidation
 *
 * Says which values are good, as `an integer from 0 to 10`.
 *
 * Returns: (transfer full) (nullable): the translated words, or %NULL if there are
 *   none, as for a function of the program's own
 *
 * Since: 0.1
 */
char *
release_config_validation_describe (ReleaseConfigValidation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->describe != NULL ? self->describe (self) : NULL;
}

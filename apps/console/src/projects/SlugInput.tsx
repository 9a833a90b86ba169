import { useEffect } from 'react';
import { TextInput, regex, required } from 'react-admin';
import { useFormContext, useWatch } from 'react-hook-form';
import { proposeSlug } from './propose-slug';

const slugForm = regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'resources.projects.slug_hint');

/** Follows the project's name until it is changed by hand. */
export function SlugInput() {
  const name = useWatch<{ name?: string }>({ name: 'name' }) as string | undefined;
  const { setValue, getFieldState } = useFormContext();
  useEffect(() => {
    let stale = false;
    void proposeSlug(name ?? '').then((slug) => {
      if (!stale && !getFieldState('slug').isTouched) setValue('slug', slug);
    });
    return () => {
      stale = true;
    };
  }, [name, setValue, getFieldState]);
  return <TextInput source="slug" validate={[required(), slugForm]} helperText="resources.projects.slug_hint" />;
}

import { definitions } from './definitions.js';

/** The text of `.env.example`: every setting with its meaning and its default. A test holds the file to it. */
export function envExample(): string {
  const blocks = Object.values(definitions)
    .filter((definition) => !definition.internal)
    .map(
      ({ env, about, fallback }) => `# ${about}\n${fallback === undefined ? `# ${env}=` : `# ${env}=${fallback}`}\n`,
    );
  return `# Copy to .env and take away the # of what you change. Values here are the defaults.\n\n${blocks.join('\n')}`;
}

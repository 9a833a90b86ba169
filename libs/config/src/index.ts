export type { Settings } from './definitions.js';
export {
  childEnvironment,
  loadSettings,
  parseSettings,
  repositoryRoot,
  SettingsError,
  type Environment,
} from './settings.js';
export { envExample } from './env-example.js';
export { loadKeys, type Keys } from './keys.js';
export { KEYS, SETTINGS, SettingsModule } from './settings.module.js';

import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from './definitions.js';
import { type Keys, loadKeys } from './keys.js';
import { loadSettings } from './settings.js';

/** `@Inject(SETTINGS) settings: Settings` */
export const SETTINGS = Symbol('settings');
/** `@Inject(KEYS) keys: Keys` */
export const KEYS = Symbol('keys');

@Module({})
export class SettingsModule {
  /** Settings and keys for the whole process; tests hand in their own. */
  static forRoot(overrides: { settings?: Settings; keys?: Keys } = {}): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [
        { provide: SETTINGS, useFactory: () => overrides.settings ?? loadSettings() },
        {
          provide: KEYS,
          useFactory: (settings: Settings) => overrides.keys ?? loadKeys(settings.dataDir),
          inject: [SETTINGS],
        },
      ],
      exports: [SETTINGS, KEYS],
    };
  }
}

import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@qingnang/config';
import { BLOB_STORE } from './blob-store.js';
import { FolderBlobStore } from './folder-blob-store.js';

@Module({
  providers: [
    {
      provide: BLOB_STORE,
      useFactory: (settings: Settings) => new FolderBlobStore(join(settings.dataDir, 'blobs')),
      inject: [SETTINGS],
    },
  ],
  exports: [BLOB_STORE],
})
export class StorageModule {}

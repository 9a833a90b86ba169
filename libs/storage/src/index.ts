export { BLOB_STORE, type BlobStore, type StoredBlob } from './blob-store.js';
export { FolderBlobStore } from './folder-blob-store.js';
export { StorageModule } from './storage.module.js';

export { BLOB_STORE, type BlobStore, type StoredBlob } from './blob-store.js';
export { diskFullSentence, freeBytes, readDiskRoom, type DiskRoom } from './disk-room.js';
export { FolderBlobStore } from './folder-blob-store.js';
export { StorageModule } from './storage.module.js';

import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS_RULE, type AccessRule } from './access.decorators.js';

function pathOf(target: object): string {
  return String(Reflect.getMetadata(PATH_METADATA, target) ?? '');
}

/** Deny by default, said at start: every route names who may call it, and {@link Can} lies inside a project. */
export function checkRoutes(discovery: DiscoveryService, scanner: MetadataScanner): void {
  const faults: string[] = [];
  for (const { instance, metatype } of discovery.getControllers()) {
    if (!instance || !metatype) continue;
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name]!;
      if (Reflect.getMetadata(METHOD_METADATA, handler) === undefined) continue;
      const rule = (Reflect.getMetadata(ACCESS_RULE, handler) ?? Reflect.getMetadata(ACCESS_RULE, metatype)) as
        AccessRule | undefined;
      const path = `${pathOf(metatype)}/${pathOf(handler)}`;
      if (!rule)
        faults.push(`${metatype.name}.${name} (${path}) has no @Can, @SignedIn, @InstallationAdmin or @Public`);
      else if (rule.kind === 'can' && !path.startsWith('projects/:project/')) {
        faults.push(`${metatype.name}.${name} (${path}) has @Can but lies outside projects/:project`);
      }
    }
  }
  if (faults.length > 0) throw new Error(`Routes without a rule of access:\n${faults.join('\n')}`);
}

import { getMetadataStorage, type MetadataStorage } from 'class-validator';

type LookUp = MetadataStorage['getTargetValidationMetadatas'];
type Rules = ReturnType<LookUp>;

let remembers = false;

/**
 * The validator finds the rules of a class by going through all classes that have any, twice a request. Classes are
 * declared once, so what was found is kept. Groups and schemas, which we do not use, are looked up as ever.
 */
export function rememberRules(storage: MetadataStorage = getMetadataStorage()): void {
  if (remembers) return;
  remembers = true;
  storage.getTargetValidationMetadatas = remembering(storage.getTargetValidationMetadatas.bind(storage));
}

export function remembering(lookUp: LookUp): LookUp {
  const kept = new Map<string, WeakMap<object, Rules>>();
  return (target, schema, always, strictGroups, groups) => {
    if (schema || (groups && groups.length > 0)) return lookUp(target, schema, always, strictGroups, groups);
    const settings = `${always} ${strictGroups}`;
    const byClass = kept.get(settings) ?? new WeakMap<object, Rules>();
    kept.set(settings, byClass);
    const rules = byClass.get(target) ?? lookUp(target, schema, always, strictGroups, groups);
    byClass.set(target, rules);
    return rules;
  };
}

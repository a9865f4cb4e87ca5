import { getMetadataStorage, type MetadataStorage } from 'class-validator';

type LookUp = MetadataStorage['getTargetValidationMetadatas'];
type Rules = ReturnType<LookUp>;
type Group = MetadataStorage['groupByPropertyName'];

let remembers = false;

/**
 * The validator finds the rules of a class by going through all classes that have any, twice a request, and puts them in
 * order by property. Classes are declared once, so what was found is kept: of a nested one for each class (`schema`) in
 * which it lies. Groups, which we do not use, are looked up as ever.
 */
export function rememberRules(storage: MetadataStorage = getMetadataStorage()): void {
  if (remembers) return;
  remembers = true;
  storage.getTargetValidationMetadatas = remembering(storage.getTargetValidationMetadatas.bind(storage));
  storage.groupByPropertyName = grouping(storage.groupByPropertyName.bind(storage));
}

export function remembering(lookUp: LookUp): LookUp {
  const kept = new Map<string, WeakMap<object, Rules>>();
  return (target, schema, always, strictGroups, groups) => {
    if (groups && groups.length > 0) return lookUp(target, schema, always, strictGroups, groups);
    const settings = `${always} ${strictGroups} ${schema}`;
    const byClass = kept.get(settings) ?? new WeakMap<object, Rules>();
    kept.set(settings, byClass);
    const rules = byClass.get(target) ?? lookUp(target, schema, always, strictGroups, groups);
    byClass.set(target, rules);
    return rules;
  };
}

/** By the list itself: the one that is remembered is grouped once. */
export function grouping(group: Group): Group {
  const kept = new WeakMap<Rules, ReturnType<Group>>();
  return (rules) => {
    const known = kept.get(rules) ?? group(rules);
    kept.set(rules, known);
    return known;
  };
}

import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage, IsString, validateSync } from 'class-validator';
import { grouping, remembering } from './remember-rules.js';

class Asked {
  @IsString()
  name!: string;
}
class AskedFurther extends Asked {
  @IsString()
  also!: string;
}

describe('the remembered rules of a class', () => {
  const storage = getMetadataStorage();
  const plain = storage.getTargetValidationMetadatas.bind(storage);

  it('are those that the validator finds, inherited ones too, and looked up once', () => {
    let looks = 0;
    const lookUp = remembering((...asked) => {
      looks += 1;
      return plain(...asked);
    });
    for (const target of [Asked, AskedFurther])
      for (let time = 0; time < 2; time += 1)
        expect(lookUp(target, '', false, false)).toEqual(plain(target, '', false, false));
    expect(looks).toBe(2);
    expect(lookUp(AskedFurther, '', false, false).map(({ propertyName }) => propertyName)).toEqual([
      'also',
      'name',
    ]);
  });

  it('are kept apart by settings and by the class around, and not kept for groups', () => {
    let looks = 0;
    const lookUp = remembering((...asked) => {
      looks += 1;
      return plain(...asked);
    });
    lookUp(Asked, '', false, false);
    lookUp(Asked, '', true, false);
    lookUp(Asked, 'AskedFurther', true, false);
    lookUp(Asked, 'AskedFurther', true, false);
    lookUp(Asked, '', true, false, ['a group']);
    lookUp(Asked, '', true, false, ['a group']);
    expect(looks).toBe(5);
  });

  it('are grouped by property once', () => {
    let groups = 0;
    const group = grouping((rules) => {
      groups += 1;
      return storage.groupByPropertyName(rules);
    });
    const rules = plain(AskedFurther, '', false, false);
    expect(group(rules)).toEqual(storage.groupByPropertyName(rules));
    expect(Object.keys(group(rules))).toEqual(['also', 'name']);
    expect(groups).toBe(1);
  });

  it('leave validation as it is', () => {
    expect(validateSync(Object.assign(new AskedFurther(), { name: 'x' }))).toHaveLength(1);
  });
});

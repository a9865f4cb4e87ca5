import { describe, expect, it } from '@jest/globals';
import { fillPlaceholders, unknownPlaceholders } from './placeholders.js';

describe('placeholders', () => {
  it('are filled with what is known, and with their own words where it is not', () => {
    const text = 'Dear {contact.name|customer}, {product.name} for {product.price|little}. {not one} {}';
    expect(fillPlaceholders(text, { 'contact.name': null, 'product.name': 'P {contact.name}' })).toEqual({
      ok: true,
      value: 'Dear customer, P {contact.name} for little. {not one} {}',
    });
  });

  it('name what is missing instead of leaving a gap', () => {
    expect(fillPlaceholders('{contact.name} {product.name} {contact.name}', { 'contact.name': '' })).toEqual({
      ok: false,
      error: ['contact.name', 'product.name'],
    });
  });

  it('that stand for nothing are found before anything is sent', () => {
    expect(unknownPlaceholders('{contact.name} {contact.nmae} {product.colour|red} {x}')).toEqual([
      'contact.nmae',
      'product.colour',
    ]);
  });

  it('cannot be made by what fills them', () => {
    expect(fillPlaceholders('{contact.name}', { 'contact.name': '{product.price}' })).toEqual({
      ok: true,
      value: '{product.price}',
    });
  });
});

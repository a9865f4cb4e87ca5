/** What the container gives for a class, abstract or not: one of its instances. */
type Token<Part> = abstract new (...given: never[]) => Part;

/** Provider of a class that takes its parts by name: from the container, each by the token beside its name. */
export function assembled<Parts extends object, Made>(
  made: new (parts: Parts) => Made,
  tokens: { [Name in keyof Parts]-?: Token<Parts[Name]> },
): { provide: typeof made; inject: Token<unknown>[]; useFactory: (...given: unknown[]) => Made } {
  const names = Object.keys(tokens) as (keyof Parts)[];
  return {
    provide: made,
    inject: names.map((name) => tokens[name]),
    useFactory: (...given) =>
      new made(Object.fromEntries(names.map((name, place) => [name, given[place]])) as Parts),
  };
}

import ts from 'typescript';

/** JSON Schema of draft 2020-12, as far as OpenAPI 3.1 documents of ours need it. */
export type Schema = { [key: string]: unknown };

export interface Answers {
  /** By operation id: `AlertsController_list`. */
  operations: Record<string, Schema>;
  /** Named types that several answers share. */
  schemas: Record<string, Schema>;
}

const ROUTES: ReadonlySet<string> = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete']);

/** What the routes of these files answer; routes that write to the socket themselves (void) are left out. */
export function describeAnswers(program: ts.Program, files: ReadonlySet<string>): Answers {
  const describer = new TypeDescriber(program.getTypeChecker());
  const operations: Record<string, Schema> = {};
  for (const source of program.getSourceFiles()) {
    if (!files.has(source.fileName)) continue;
    ts.forEachChild(source, (node) => {
      if (!ts.isClassDeclaration(node) || !node.name) return;
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member) || !isRoute(member)) continue;
        const answer = describer.answerOf(member);
        if (answer) operations[`${node.name.text}_${member.name.getText()}`] = answer;
      }
    });
  }
  const sorted = Object.fromEntries(Object.entries(operations).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { operations: sorted, schemas: describer.named() };
}

function isRoute(method: ts.MethodDeclaration): boolean {
  return (ts.getDecorators(method) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && ROUTES.has(expression.expression.getText()),
  );
}

/** Types of the compiler → JSON schemas of what `JSON.stringify` makes of their values. */
class TypeDescriber {
  private readonly schemas = new Map<string, Schema>();
  private readonly names = new Map<ts.Type, string>();

  constructor(private readonly checker: ts.TypeChecker) {}

  named(): Record<string, Schema> {
    return Object.fromEntries([...this.schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Null: the method answers nothing, or a stream. */
  answerOf(method: ts.MethodDeclaration): Schema | null {
    const signature = this.checker.getSignatureFromDeclaration(method);
    if (!signature) return null;
    const returned = this.checker.getReturnTypeOfSignature(signature);
    const type = this.checker.getAwaitedType(returned) ?? returned;
    if (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Any)) return null;
    if (['StreamableFile', 'Observable'].includes(type.symbol?.name ?? '')) return null;
    return this.schema(type);
  }

  private schema(type: ts.Type): Schema {
    const plain = this.plain(type);
    if (plain) return plain;
    const name = this.nameOf(type);
    if (name === null) return this.structure(type);
    if (!this.schemas.has(name)) {
      // Known by its name before it is described: it may hold itself.
      this.schemas.set(name, {});
      this.schemas.set(name, this.structure(type));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private structure(type: ts.Type): Schema {
    if (type.isUnion()) return this.union(type);
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return this.array(type);
    return this.members(type);
  }

  private plain(type: ts.Type): Schema | null {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral) return { const: (type as ts.StringLiteralType).value };
    if (flags & ts.TypeFlags.NumberLiteral) return { const: (type as ts.NumberLiteralType).value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
    // A branded id: a string to everybody else.
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.StringLike))
      return { type: 'string' };
    return type.symbol?.name === 'Date' ? { type: 'string', format: 'date-time' } : null;
  }

  private union(type: ts.UnionType): Schema {
    const parts = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const literals = parts.filter((part) => part.isStringLiteral()).map((part) => part.value);
    const others = parts.filter((part) => !part.isStringLiteral());
    const booleans = others.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const schemas = others
      .filter((part) => booleans.length < 2 || !booleans.includes(part))
      .map((part) => this.schema(part));
    if (booleans.length === 2) schemas.push({ type: 'boolean' });
    if (literals.length > 0) schemas.push({ type: 'string', enum: literals });
    schemas.sort((a, b) => Number(a['type'] === 'null') - Number(b['type'] === 'null'));
    const [only] = schemas;
    return schemas.length === 1 && only ? only : { anyOf: schemas };
  }

  private array(type: ts.Type): Schema {
    const elements = this.checker.getTypeArguments(type as ts.TypeReference);
    if (this.checker.isTupleType(type)) {
      const members = elements.map((element) => this.schema(element));
      return { type: 'array', prefixItems: members, minItems: members.length, maxItems: members.length };
    }
    const [element] = elements;
    return { type: 'array', items: element ? this.schema(element) : {} };
  }

  /** Interfaces and classes go by their names; `Page<AlertView>` and what has no name of its own is written out. */
  private nameOf(type: ts.Type): string | null {
    const known = this.names.get(type);
    if (known) return known;
    const symbol = type.aliasSymbol ?? type.symbol;
    const named =
      symbol && symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias);
    const generic =
      (type.aliasTypeArguments ?? this.checker.getTypeArguments(type as ts.TypeReference)).length > 0;
    if (!named || generic || ['__type', 'Record'].includes(symbol.name)) return null;
    let name = symbol.name;
    for (let count = 2; [...this.names.values()].includes(name); count += 1) name = `${symbol.name}${count}`;
    this.names.set(type, name);
    return name;
  }

  private members(type: ts.Type): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      const of = this.checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0)
        throw new Error(`${this.checker.typeToString(type)}.${property.name} is a function`);
      const described = this.schema(of);
      const comment = inOneLine(ts.displayPartsToString(property.getDocumentationComment(this.checker)));
      properties[property.name] = comment === '' ? described : { ...described, description: comment };
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: this.schema(index) }),
    };
  }
}

/** A comment as it reads without the breaks that its place in the code gave it. */
function inOneLine(comment: string): string {
  return comment.replace(/\s*\n\s*/g, ' ').trim();
}

// Prints what the providers' own packages say of requests, as one JSON object: the fields of each type, and the types that these may be of.

import ts from 'typescript';

const roots = {
  'openai/resources/chat/completions/completions': ['ChatCompletionCreateParamsBase'],
  'openai/resources/responses/responses': ['ResponseCreateParamsBase'],
  'openai/resources/beta/responses/responses': ['ResponseCreateParamsBase'],
  'openai/resources/embeddings': ['EmbeddingCreateParams'],
  '@anthropic-ai/sdk/resources/messages/messages': ['MessageCreateParamsBase', 'MessageCountTokensParams'],
  '@anthropic-ai/sdk/resources/beta/messages/messages': ['MessageCreateParamsBase', 'MessageCountTokensParams'],
  '@anthropic-ai/sdk/resources/beta/beta': ['AnthropicBeta'],
  '@google/genai': ['GenerateContentConfig', 'GenerationConfig', 'Content'],
};

const { checker, exportsOf } = load(Object.keys(roots));
const types = {};
const names = new Map();
const found = {};
const values = {};
for (const [module, wanted] of Object.entries(roots)) {
  for (const name of wanted) {
    const symbol = exportsOf(module).find((one) => one.name === name);
    if (!symbol) {
      throw new Error(`'${module}' has no type '${name}'.`);
    }

    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const literals = literalsOf(type);
    if (literals.length > 0) {
      values[`${module}#${name}`] = literals;
    } else {
      found[`${module}#${name}`] = describe(type, name);
    }
  }
}

console.log(JSON.stringify({ roots: found, values, types }));

/** Compiles a file, which is only in memory, that takes in all the modules. */
function load(modules) {
  const entry = new URL('request-schemas.entry.ts', import.meta.url).pathname;
  const text = modules.map((module, index) => `import type * as m${index} from '${module}'; export type T${index} = typeof m${index};`).join('\n');
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => (name === entry ? ts.createSourceFile(name, text, options.target) : getSourceFile(name, ...rest));
  host.fileExists = (name) => name === entry || fileExists(name);
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const imports = program.getSourceFile(entry).statements.filter(ts.isImportDeclaration);
  return {
    checker,
    exportsOf(module) {
      const symbol = checker.getSymbolAtLocation(imports[modules.indexOf(module)].moduleSpecifier);
      if (!symbol) {
        throw new Error(`There is no module '${module}'.`);
      }

      return checker.getExportsOfModule(symbol);
    },
  };
}

/** Puts a type among those that are printed, and gives the name that it has there. */
function describe(type, fallback) {
  if (names.has(type)) {
    return names.get(type);
  }

  const name = unusedName(type, fallback);
  names.set(type, name);
  const fields = {};
  const literals = {};
  types[name] = { fields, literals };
  for (const property of checker.getPropertiesOfType(type)) {
    const isHeader = ts.displayPartsToString(property.getDocumentationComment(checker)).startsWith('Header param');
    if (!isHeader) {
      const of = checker.getTypeOfSymbol(property);
      fields[property.name] = [...new Set(objectsOf(of, `${name}.${property.name}`))];
      literals[property.name] = literalsOf(of);
    }
  }

  return name;
}

function unusedName(type, fallback) {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const plain = symbol && !symbol.name.startsWith('__') ? checker.getFullyQualifiedName(symbol).replace(/^".*"\./, '') : fallback;
  let name = plain;
  for (let count = 2; name in types; count++) {
    name = `${plain}#${count}`;
  }

  return name;
}

/** The objects that a value of the type may be, in lists and out of them. */
function objectsOf(type, fallback) {
  if (type.isUnion()) {
    return type.types.flatMap((member) => objectsOf(member, fallback));
  }

  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return checker.getTypeArguments(type).flatMap((item) => objectsOf(item, fallback));
  }

  return isObject(type) ? [describe(type, fallback)] : [];
}

/** Not one with names that are the caller's own, such as a JSON schema; nor a class of the language. */
function isObject(type) {
  return (
    ((type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection())
    && !(type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.StringLike))
    && type.getCallSignatures().length === 0
    && checker.getIndexInfosOfType(type).length === 0
    && !(type.getSymbol()?.declarations ?? []).some((one) => /typescript\/lib\/|@types\/node/.test(one.getSourceFile().fileName))
  );
}

function literalsOf(type) {
  return (type.isUnion() ? type.types : [type]).filter((one) => one.isStringLiteral()).map((one) => one.value);
}

using System.Reflection;
using System.Reflection.Emit;

namespace SpendGuard.Tests.Architecture;

/// <summary>The types that a type names: in its declaration, its members, and the bodies of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IEnumerable<Type> Of(Type type)
    {
        var members = type.GetMembers(Declared);
        return InDeclaration(type)
            .Concat(members.OfType<FieldInfo>().Select(field => field.FieldType))
            .Concat(members.OfType<MethodBase>().SelectMany(InMethod))
            .SelectMany(Parts)
            .Distinct();
    }

    private static IEnumerable<Type> InDeclaration(Type type) =>
        type.GetInterfaces()
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(type.GetCustomAttributesData().Select(attribute => attribute.AttributeType));

    private static IEnumerable<Type> InMethod(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method is MethodInfo { ReturnType: var returned } ? [returned] : [])
            .Concat(method.GetMethodBody() is { } body ? InBody(method, body) : []);

    private static IEnumerable<Type> InBody(MethodBase method, MethodBody body)
    {
        foreach (var local in body.LocalVariables)
        {
            yield return local.LocalType;
        }

        foreach (var member in Tokens(body.GetILAsByteArray()!).Select(token => Resolve(method, token)))
        {
            foreach (var type in member switch
            {
                Type named => [named],
                FieldInfo field => [field.DeclaringType!, field.FieldType],
                MethodInfo { IsGenericMethod: true } called => [called.DeclaringType!, called.ReturnType, .. called.GetGenericArguments()],
                MethodInfo called => [called.DeclaringType!, called.ReturnType],
                ConstructorInfo made => [made.DeclaringType!],
                _ => (Type[])[],
            })
            {
                yield return type;
            }
        }
    }

    /// <summary>The metadata tokens in the code of a method.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            at += value is >= 0 and <= 0xFF ? 1 : 2;
            var operand = Codes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }

    /// <summary>A type with those that it is made of.</summary>
    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type),
        _ => [type],
    };
}

using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>Generators of JSON text.</summary>
internal static class JsonGen
{
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A small picture that is one.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static Gen<string> Nothing { get; } = Gen.Const("");

    public static Gen<string> Bool { get; } = Gen.Bool.Select(value => value ? "true" : "false");

    /// <summary>A name of letters.</summary>
    public static Gen<string> Name { get; } = Gen.String[Gen.Char['a', 'z'], 1, 12].Select(name => $"\"{name}\"");

    /// <summary>A schema as tools and answers have them.</summary>
    public static Gen<string> Schema { get; } = Gen.Select(Name, Text(TextGen.Any), Gen.Int[0, 4], (name, description, kind) => kind switch
        {
            0 => $$"""{{name}}:{"type":"string","description":{{description}}}""",
            1 => $$"""{{name}}:{"type":"integer","minimum":0}""",
            2 => $$"""{{name}}:{"type":"array","items":{"type":"string","enum":["a","b",{{description}}]} }""",
            3 => $$"""{{name}}:{"type":"object","properties":{"x":{"type":"number","description":{{description}} } },"required":["x"]}""",
            _ => $$"""{{name}}:{"type":["string","null"]}""",
        })
        .Array[0, 5]
        .Select(properties => "{\"type\":\"object\",\"properties\":{" + string.Join(',', properties.DistinctBy(NameOf)) + "}}");

    /// <summary>A string, with or without the escapes that it could do without.</summary>
    public static Gen<string> Text(Gen<string> text) =>
        Gen.Select(text, Gen.Bool, (value, escaped) => escaped ? JsonSerializer.Serialize(value) : JsonSerializer.Serialize(value, AsItIs));

    public static Gen<string> AnyOf(params string[] texts) => TextGen.AnyOf(texts);

    public static Gen<string> Field(string name, Gen<string> value) => value.Select(json => $"\"{name}\":{json}");

    /// <summary>A field that may be missing.</summary>
    public static Gen<string> Maybe(string name, Gen<string> value) => Gen.OneOf(Nothing, Field(name, value));

    public static Gen<string> Object(params Gen<string>[] fields) => fields.Aggregate(Nothing, (all, one) => Gen.Select(all, one, Join)).Select(text => "{" + text + "}");

    public static Gen<string> List(Gen<string> item, int least, int most) => item.Array[least, most].Select(items => $"[{string.Join(',', items)}]");

    private static string NameOf(string property) => property[..property.IndexOf(':', StringComparison.Ordinal)];

    private static string Join(string left, string right) => left.Length > 0 && right.Length > 0 ? $"{left},{right}" : left + right;
}

using SpendGuard.Bounds;

namespace SpendGuard.Providers.OpenAI;

/// <summary>The models whose tokenizer OpenAI publishes.</summary>
internal static class OpenAITokenizers
{
    // A prefix only ever names models whose encoding is published for every model that starts so. The longest prefix wins.
    private static readonly (string Prefix, TextEncoding Encoding)[] Published =
    [
        ("gpt-4o", TextEncoding.O200k),
        ("gpt-4.1", TextEncoding.O200k),
        ("gpt-4.5", TextEncoding.O200k),
        ("gpt-5", TextEncoding.O200k),
        ("chatgpt-4o", TextEncoding.O200k),
        ("o1", TextEncoding.O200k),
        ("o3", TextEncoding.O200k),
        ("o4-mini", TextEncoding.O200k),
        ("gpt-4", TextEncoding.Cl100k),
        ("gpt-3.5-turbo", TextEncoding.Cl100k),
        ("text-embedding-3", TextEncoding.Cl100k),
        ("text-embedding-ada-002", TextEncoding.Cl100k),
    ];

    public static TextEncoding EncodingOf(string model) => Published
        .Where(row => model.StartsWith(row.Prefix, StringComparison.Ordinal))
        .OrderByDescending(row => row.Prefix.Length)
        .FirstOrDefault()
        .Encoding;
}

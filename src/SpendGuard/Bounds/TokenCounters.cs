using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>Chooses the token counter of a model: exact where its tokenizer is published, UTF-8 bytes otherwise.</summary>
/// <remarks>Thread-safe. Keep one: it holds the loaded tokenizers.</remarks>
public sealed class TokenCounters
{
    // A prefix only ever names models whose encoding is published for every model that starts so. The longest prefix wins.
    private static readonly (string Prefix, Encoding Encoding)[] OpenAI =
    [
        ("gpt-4o", Encoding.O200k),
        ("gpt-4.1", Encoding.O200k),
        ("gpt-4.5", Encoding.O200k),
        ("gpt-5", Encoding.O200k),
        ("chatgpt-4o", Encoding.O200k),
        ("o1", Encoding.O200k),
        ("o3", Encoding.O200k),
        ("o4-mini", Encoding.O200k),
        ("gpt-4", Encoding.Cl100k),
        ("gpt-3.5-turbo", Encoding.Cl100k),
        ("text-embedding-3", Encoding.Cl100k),
        ("text-embedding-ada-002", Encoding.Cl100k),
    ];

    private readonly TiktokenCounter _o200k = new("o200k_base");
    private readonly TiktokenCounter _cl100k = new("cl100k_base");
    private readonly Utf8TokenCounter _utf8 = new();

    private enum Encoding
    {
        Bytes,
        O200k,
        Cl100k,
    }

    /// <summary>The counter of a model.</summary>
    public ITokenCounter For(ModelKey model) => EncodingOf(model) switch
    {
        Encoding.O200k => _o200k,
        Encoding.Cl100k => _cl100k,
        _ => _utf8,
    };

    private static Encoding EncodingOf(ModelKey model)
    {
        if (model.Provider is not "openai")
        {
            return Encoding.Bytes;
        }

        var name = model.Model.StartsWith("ft:", StringComparison.Ordinal) ? model.Model[3..] : model.Model;
        return OpenAI
            .Where(row => name.StartsWith(row.Prefix, StringComparison.Ordinal))
            .OrderByDescending(row => row.Prefix.Length)
            .FirstOrDefault()
            .Encoding;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Keys;

/// <summary>The text of a key: <c>sk_spendguard_</c> and 32 random letters and digits (190 bits).</summary>
/// <remarks>It prints as its id, so that it gets into no log by accident. Keys that were made as <c>sk_cynsta_…</c> stay keys.</remarks>
[Experimental(ApiTier.Stores)]
public sealed class ApiKeySecret
{
    private const string Live = "sk_spendguard_";
    private const string Test = "sk_spendguard_test_";
    private const int Length = 32;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    private static readonly string[] Forms = [Live, Test, "sk_cynsta_live_", "sk_cynsta_test_"];

    /// <summary>Nobody else's keys begin so.</summary>
    private static readonly string[] Marks = ["sk_spendguard_", "sk_cynsta_"];

    private readonly string _text;
    private readonly byte[] _hash;

    private ApiKeySecret(string text)
    {
        _text = text;

        // A slow hash is for what people make up; nobody finds 190 random bits by trying.
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Names the key: the first 8 bytes of its hash, in hexadecimal. It is no secret.</summary>
    public string Id => Convert.ToHexStringLower(_hash.AsSpan(0, 8));

    /// <summary>SHA-256 of the text: what is kept of a key.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>Makes a key.</summary>
    /// <param name="live">Whether it is for real use; a test key is told apart by its look only.</param>
    public static ApiKeySecret Create(bool live = true) => new((live ? Live : Test) + RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Reads a key that a caller presents.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">The key.</param>
    /// <returns>Whether the text has the form of a key.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKeySecret? secret)
    {
        secret = text is not null && Forms.Any(form => IsOfForm(text, form)) ? new ApiKeySecret(text) : null;
        return secret is not null;
    }

    /// <summary>Whether a text is meant to be a key of SpendGuard's, also one that was cut or mistyped.</summary>
    /// <param name="text">The text.</param>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Marks.Any(mark => text.StartsWith(mark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The text itself, to be shown once to whom the key is for.</summary>
    public string Reveal() => _text;

    /// <summary>The id of the key, not its text.</summary>
    public override string ToString() => Id;

    /// <summary>Whether a kept hash is this key's, in a time that tells nothing of how much of it is.</summary>
    /// <param name="hash">The hash.</param>
    public bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    private static bool IsOfForm(string text, string form) =>
        text.Length == form.Length + Length && text.StartsWith(form, StringComparison.Ordinal) && text.AsSpan(form.Length).IndexOfAnyExcept(Letters) < 0;
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.PostgreSql.Keys;

/// <summary>The text of a key: <c>sk_cynsta_live_</c> or <c>sk_cynsta_test_</c> and 32 random letters and digits (190 bits).</summary>
/// <remarks>It prints as its id, so that it gets into no log by accident.</remarks>
internal sealed class ApiKeySecret
{
    private const string Live = "sk_cynsta_live_";
    private const string Test = "sk_cynsta_test_";
    private const int Length = 32;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
    internal byte[] Hash => _hash;

    /// <summary>Makes a key.</summary>
    /// <param name="live">Whether it is for real use; a test key is told apart by its name only.</param>
    public static ApiKeySecret Create(bool live = true) => new((live ? Live : Test) + RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Reads a key that a caller presents.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">The key.</param>
    /// <returns>Whether the text has the form of a key.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ApiKeySecret? secret)
    {
        secret = text?.Length == Live.Length + Length
            && (text.StartsWith(Live, StringComparison.Ordinal) || text.StartsWith(Test, StringComparison.Ordinal))
            && text.Skip(Live.Length).All(char.IsAsciiLetterOrDigit)
                ? new ApiKeySecret(text)
                : null;
        return secret is not null;
    }

    /// <summary>The text itself, to be shown once to whom the key is for.</summary>
    public string Reveal() => _text;

    /// <summary>The id of the key, not its text.</summary>
    public override string ToString() => Id;

    /// <summary>Whether a kept hash is this key's, in a time that tells nothing of how much of it is.</summary>
    internal bool Matches(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);
}

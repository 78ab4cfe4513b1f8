using System.Diagnostics.CodeAnalysis;

namespace SpendGuard;

/// <summary>
/// Tells a call from others by its model and the end of its conversation, and says nothing of either: two calls with the same one are taken for
/// the same call, made again.
/// </summary>
[Experimental(ApiTier.Stores)]
public readonly record struct CallFingerprint
{
    private const int Length = 32;

    private readonly string? _value;

    /// <summary>Takes a fingerprint of 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public CallFingerprint(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value.Length == Length && value.All(char.IsAsciiHexDigitLower)
            ? value
            : throw new ArgumentException($"A fingerprint is {Length} lower-case hexadecimal digits.", nameof(value));
    }

    /// <summary>The digits.</summary>
    /// <exception cref="InvalidOperationException">This is the default value, which is none.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default value is not a fingerprint.");

    /// <summary>The digits; empty for the default value.</summary>
    public override string ToString() => _value ?? "";
}

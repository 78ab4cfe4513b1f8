using NSec.Cryptography;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>The public key of price documents, as it is written down.</summary>
internal static class PriceKey
{
    /// <summary>Reads a public key.</summary>
    /// <exception cref="ArgumentException">The text is no public key.</exception>
    public static PublicKey Read(string text)
    {
        var raw = new byte[SignatureAlgorithm.Ed25519.PublicKeySize];
        return Convert.TryFromBase64String(text ?? "", raw, out var length) && length == raw.Length
            && PublicKey.TryImport(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey, out var key)
                ? key!
                : throw new ArgumentException(
                    $"The public key is '{text}'; it has to be the base64 of the 32 bytes of an Ed25519 public key.", nameof(text));
    }
}

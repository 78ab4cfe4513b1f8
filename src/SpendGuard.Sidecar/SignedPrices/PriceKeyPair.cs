using NSec.Cryptography;

namespace SpendGuard.Sidecar.SignedPrices;

/// <summary>A key pair that price documents are signed with.</summary>
/// <param name="Seed">The private key: 32 bytes, to be kept secret.</param>
/// <param name="PublicKey">The public key: 32 bytes; in base64 the value of <c>CAP_PRICING_SIGNING_PUBLIC_KEY</c>.</param>
internal sealed record PriceKeyPair(byte[] Seed, byte[] PublicKey)
{
    public string PublicKeyText => Convert.ToBase64String(PublicKey);

    public static PriceKeyPair Generate()
    {
        using var key = Key.Create(
            SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return new PriceKeyPair(key.Export(KeyBlobFormat.RawPrivateKey), key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The pair of a private key.</summary>
    /// <exception cref="FormatException">The private key is not one.</exception>
    public static PriceKeyPair FromSeed(byte[] seed)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        return new PriceKeyPair(seed, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>A record would print its members; a private key is not for logs.</summary>
    public override string ToString() => PublicKeyText;
}

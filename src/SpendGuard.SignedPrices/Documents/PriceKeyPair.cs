using System.Diagnostics.CodeAnalysis;
using NSec.Cryptography;

namespace SpendGuard.SignedPrices.Documents;

/// <summary>A key pair that price documents are signed with.</summary>
[Experimental("SPENDGUARD002")]
public sealed class PriceKeyPair
{
    private PriceKeyPair(byte[] seed, byte[] publicKey)
    {
        Seed = seed;
        PublicKey = Convert.ToBase64String(publicKey);
    }

    /// <summary>The private key: 32 bytes, to be kept secret.</summary>
    public ReadOnlyMemory<byte> Seed { get; }

    /// <summary>The public key in base64, as <see cref="SignedPriceOptions.PublicKey"/> takes it.</summary>
    public string PublicKey { get; }

    /// <summary>Makes a new pair.</summary>
    public static PriceKeyPair Generate()
    {
        using var key = Key.Create(
            SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return new PriceKeyPair(key.Export(KeyBlobFormat.RawPrivateKey), key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The pair of a private key.</summary>
    /// <param name="seed">The private key, 32 bytes.</param>
    /// <exception cref="FormatException">The private key is not one.</exception>
    public static PriceKeyPair FromSeed(ReadOnlySpan<byte> seed)
    {
        using var key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        return new PriceKeyPair(seed.ToArray(), key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public key; a private key is not for logs.</summary>
    public override string ToString() => PublicKey;
}

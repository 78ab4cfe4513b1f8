using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices;

/// <summary>What the options of signed prices are called where they are set, for sentences that say which of them to look at.</summary>
[Experimental("SPENDGUARD002")]
public sealed class SignedPriceOptionNames
{
    internal SignedPriceOptionNames()
    {
    }

    /// <summary>What starts with the prices: <c>engine</c> unless set.</summary>
    public string Host { get; set; } = "engine";

    /// <summary>What documents are called: <c>price document</c> unless set.</summary>
    public string Document { get; set; } = "price document";

    /// <summary>What a server of documents is called: <c>price server</c> unless set.</summary>
    public string Server { get; set; } = "price server";

    /// <summary>What documents say, in the plural: <c>prices</c> unless set.</summary>
    public string Content { get; set; } = "prices";

    /// <summary>The name of <see cref="SignedPriceOptions.Source"/>.</summary>
    public string Source { get; set; } = Of(nameof(SignedPriceOptions.Source));

    /// <summary>The name of <see cref="SignedPriceOptions.PublicKey"/>.</summary>
    public string PublicKey { get; set; } = Of(nameof(SignedPriceOptions.PublicKey));

    /// <summary>The name of <see cref="SignedPriceOptions.SchemaVersion"/>.</summary>
    public string SchemaVersion { get; set; } = Of(nameof(SignedPriceOptions.SchemaVersion));

    /// <summary>The name of <see cref="SignedPriceOptions.EngineVersion"/>.</summary>
    public string EngineVersion { get; set; } = Of(nameof(SignedPriceOptions.EngineVersion));

    /// <summary>The name of <see cref="SignedPriceOptions.Timeout"/>.</summary>
    public string Timeout { get; set; } = Of(nameof(SignedPriceOptions.Timeout));

    /// <summary>The name of <see cref="SignedPriceOptions.VerifySignature"/>.</summary>
    public string VerifySignature { get; set; } = Of(nameof(SignedPriceOptions.VerifySignature));

    /// <summary>What can be done in place of signed prices, as a sentence for a start that could not fetch them; null for nothing.</summary>
    public string? Alternative { get; set; }

    private static string Of(string option) => $"{nameof(SignedPriceOptions)}.{option}";
}

using System.Diagnostics.CodeAnalysis;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.SignedPrices;

/// <summary>Where signed prices come from, and what is asked of them.</summary>
public sealed class SignedPriceOptions
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A timer takes no more than some weeks, and prices that old are of no use.</summary>
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>The address of the price server (http or https), or the path of a signed price document.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public required string Source
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>The key that documents have to be signed with: the base64 of the 32 bytes of an Ed25519 public key.</summary>
    /// <exception cref="ArgumentException">The value is no such key.</exception>
    public required string PublicKey
    {
        get;
        set
        {
            _ = PriceKey.Read(value);
            field = value;
        }
    }

    /// <summary>The schema that documents have to be in; <c>1</c> unless set.</summary>
    public string SchemaVersion { get; set; } = "1";

    /// <summary>The version of the engine that documents have to be for; <c>0.1.0</c> unless set.</summary>
    /// <exception cref="ArgumentException">The value is not one to four numbers with dots between them.</exception>
    public string EngineVersion
    {
        get;
        set => field = DottedVersion.TryParse(value, out _)
            ? value
            : throw new ArgumentException($"'{value}' is not a version such as 0.1.0.", nameof(value));
    } = "0.1.0";

    /// <summary>How long the price server may take; 10 seconds unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below a second or above a week.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = Within(Second, value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>By how much the clocks of this machine and of the source may differ; 30 seconds unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above a week.</exception>
    public TimeSpan ClockSkew
    {
        get;
        set => field = Within(TimeSpan.Zero, value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>How long prices are used before they are looked up again; 5 minutes unless set. Less when they expire soon.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below a second or above a week.</exception>
    public TimeSpan RefreshEvery
    {
        get;
        set => field = Within(Second, value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The file in which the last good document is kept for the next start; <c>spendguard.prices.json</c> unless set. Null keeps none:
    /// then a start depends on the source, and a document older than one accepted before the start is not known as such.
    /// </summary>
    public string? KeptPath { get; set; } = "spendguard.prices.json";

    /// <summary>
    /// Whether there have to be prices that verify before the engine starts, as is so unless set. If not, it starts without them and
    /// refuses calls until they come.
    /// </summary>
    public bool Strict { get; set; } = true;

    /// <summary>Whether documents have to be signed, as is so unless set. If not, whoever can change them decides what calls cost.</summary>
    [Experimental("SPENDGUARD002")]
    public bool VerifySignature { get; set; } = true;

    /// <summary>What the options are called where they are set.</summary>
    [Experimental("SPENDGUARD002")]
    public SignedPriceOptionNames Names { get; } = new();

    private static TimeSpan Within(TimeSpan least, TimeSpan value) => value >= least && value <= Week
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The option has to be between {least} and {Week}.");
}

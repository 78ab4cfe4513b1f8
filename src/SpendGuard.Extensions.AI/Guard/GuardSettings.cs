using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Extensions.AI;

/// <summary>How calls through one client are guarded. What is set here before the first call holds for all of them.</summary>
public class GuardSettings
{
    /// <summary>Who bills for the calls, as the price book names it; told from the inner client's metadata when null.</summary>
    public string? Provider { get; set; }

    /// <summary>The model to price the calls by; told from the options and the inner client's metadata when null.</summary>
    public string? Model { get; set; }

    /// <summary>
    /// The service tier that the provider's project is set to, such as <c>default</c>. While it is null, a chat call that may be served at a
    /// dearer one by such a setting holds the dearest that has a price; other calls hold the standard one. Whatever is stated here, the tier
    /// that the answer names is paid.
    /// </summary>
    public string? ServiceTier { get; set; }

    /// <summary>
    /// The features without a bound that are let through all the same, by the name that the refusal gives, such as
    /// <c>RawRepresentationFactory</c> or <c>HostedWebSearchTool</c>. A chat call with one holds the model's maximum input; of other calls,
    /// what the feature costs is not held. <c>OutputCap</c> says of a provider that is not known to keep the output cap that it does, so
    /// that a call holds no more than its cap in place of the model's maximum output.
    /// </summary>
    public ISet<string> AllowedFeatures { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Makes the provider's own options that the adapter starts each call from, given the output cap in tokens that was granted; 0 for
    /// calls that have none. Null unless set. What it sets is not looked at: it must not add to what a call costs. A new object is made
    /// each time.
    /// </summary>
    [Experimental("SPENDGUARD002")]
    public Func<long, object?>? RawOptions { get; set; }

    /// <summary>
    /// Whether an exception means that the provider did not bill. While it is null, that is one that stands for an answer from before a model
    /// ran, by what is known of the provider, or for a connection that was never made.
    /// </summary>
    public Func<Exception, bool>? IsUnbilled { get; set; }

    /// <summary>
    /// The hosts that the client calls besides the model's within a call, such as one that gives out credentials. A request to any other
    /// host is an attempt of the call, which needs a hold. Those whose names begin like <c>login.</c> or <c>sts.</c> need not be named.
    /// </summary>
    public ISet<string> OtherHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// How long a stream that has begun may bring nothing before it ends with a <see cref="TimeoutException"/>; 10 minutes unless set. The
    /// call is then charged by what is known of it. How long the beginning is waited for is the client's own time-out.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public TimeSpan IdleTimeout
    {
        get;
        set => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A stream needs some time.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the rest of a stream is waited for, to learn its cost, after its consumer has gone; 60 seconds unless set. Calls that are
    /// not streamed are always waited for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public TimeSpan DrainTime
    {
        get;
        set => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A time is not negative.");
    } = TimeSpan.FromSeconds(60);
}

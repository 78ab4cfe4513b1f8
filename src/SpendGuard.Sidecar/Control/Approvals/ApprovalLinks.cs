using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Control.Approvals;

/// <summary>
/// Links by which people approve without a key. What one adds and for how long is signed, so that it says nothing else; it works until it has
/// expired, and once, since the request is answered then.
/// </summary>
internal sealed class ApprovalLinks(SidecarSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private static readonly Money Dollar = Money.FromDollars(1);

    private readonly byte[]? _secret = settings.ApprovalLinkSecret is { } secret ? Encoding.UTF8.GetBytes(secret) : null;

    /// <summary>The link of a request that waits for its answer; null where there is none.</summary>
    public string? Find(Approval approval)
    {
        if (approval.State != ApprovalState.Pending || _secret is null || settings.PublicUrl is not { } home || !CanRound(approval.Need))
        {
            return null;
        }

        var terms = new LinkTerms(RoundedUp(approval.Need), settings.ApprovalLinkTime, DateTimeOffset.FromUnixTimeSeconds((approval.AskedAt + Lifetime).ToUnixTimeSeconds()));
        return terms.ExpiresAt <= time.GetUtcNow() ? null
            : $"{home.AbsoluteUri.TrimEnd('/')}/v1/approvals/{Uri.EscapeDataString(approval.Id.Value)}/link?{terms}&signature={Sign(approval.Id, terms)}";
    }

    /// <summary>What a link says; null where it is none of ours, or has expired.</summary>
    /// <param name="id">The request in its path.</param>
    /// <param name="query">Its query.</param>
    public LinkTerms? Open(ApprovalId id, IQueryCollection query) =>
        _secret is not null
        && LinkTerms.TryRead(query) is { } terms
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(id, terms)), Encoding.UTF8.GetBytes(query["signature"].ToString()))
        && terms.ExpiresAt > time.GetUtcNow()
            ? terms
            : null;

    private string Sign(ApprovalId id, LinkTerms terms) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_secret!, Encoding.UTF8.GetBytes($"spendguard-approval-link\n{id.Value}\n{terms}")));

    /// <summary>What was missing is a fraction of a cent, and who approves would be asked again for the next call.</summary>
    private static Money RoundedUp(Money need) => Money.FromMicrocents((need.Microcents + Dollar.Microcents - 1) / Dollar.Microcents * Dollar.Microcents);

    private static bool CanRound(Money need) => need.Microcents <= long.MaxValue - Dollar.Microcents;
}

/// <summary>What a link adds to a limit, for how long, and until when it works.</summary>
internal sealed record LinkTerms(Money Add, TimeSpan Lasting, DateTimeOffset ExpiresAt)
{
    public static LinkTerms? TryRead(IQueryCollection query) =>
        Number(query, "add") is { } add and > 0 && Number(query, "for") is { } seconds and > 0 && Number(query, "expires") is { } expires
            && seconds <= (long)TimeSpan.FromDays(400).TotalSeconds && expires <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? new LinkTerms(Money.FromMicrocents(add), TimeSpan.FromSeconds(seconds), DateTimeOffset.FromUnixTimeSeconds(expires))
            : null;

    /// <summary>As the query has it, and as it is signed.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"add={Add.Microcents}&for={(long)Lasting.TotalSeconds}&expires={ExpiresAt.ToUnixTimeSeconds()}");

    private static long? Number(IQueryCollection query, string name) =>
        long.TryParse(query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

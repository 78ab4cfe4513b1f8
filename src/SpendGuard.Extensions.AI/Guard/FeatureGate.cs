using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Refuses what could raise the cost of a call past its hold, unless it is allowed by name.</summary>
internal sealed class FeatureGate(ISet<string> allowed)
{
    private readonly ImmutableArray<string>.Builder _letThrough = ImmutableArray.CreateBuilder<string>();

    /// <summary>Whether something was let through that may add input which cannot be seen.</summary>
    public bool HidesInput { get; private set; }

    /// <summary>The features that were let through: the call can cost more than its worst case.</summary>
    public ImmutableArray<string> LetThrough => _letThrough.ToImmutable();

    /// <summary>Lets what is set on the provider's own request through, if it is allowed.</summary>
    /// <param name="hasFactory">Whether options make the provider's own request.</param>
    /// <param name="sent">The additional properties that the adapter may send.</param>
    public void CheckRaw(bool hasFactory, AdditionalPropertiesDictionary? sent)
    {
        if (hasFactory)
        {
            Pass("RawRepresentationFactory", "It can set anything in the request, such as more answers or another cap.");
        }

        if (sent is { Count: > 0 })
        {
            Pass("AdditionalProperties", "Some adapters put them into the request, and they can raise its cost.");
        }
    }

    /// <summary>Lets a content through that has no bound, if it is allowed.</summary>
    public void Pass(AIContent content) =>
        Pass(content is DataContent or UriContent ? MediaName(content) : content.GetType().Name, "Its size in tokens cannot be told.");

    /// <summary>Lets a feature through, if it is allowed.</summary>
    /// <param name="feature">Its name.</param>
    /// <param name="reason">Why it has no bound, as a whole sentence.</param>
    /// <param name="hidesInput">Whether it may add input that cannot be seen.</param>
    /// <exception cref="UnboundedCostException">It is not allowed.</exception>
    public void Pass(string feature, string reason, bool hidesInput = true)
    {
        if (!PassIfAllowed(feature))
        {
            throw new UnboundedCostException(
                feature,
                reason,
                $"Leave it out, or allow it with UseSpendGuard(…, configure: c => c.AllowedFeatures.Add(\"{feature}\")).");
        }

        HidesInput |= hidesInput;
    }

    /// <summary>Lets a feature through, if it is allowed, that adds no input.</summary>
    /// <param name="feature">Its name.</param>
    /// <returns>Whether it is.</returns>
    public bool PassIfAllowed(string feature)
    {
        if (!allowed.Contains(feature))
        {
            return false;
        }

        if (!_letThrough.Contains(feature))
        {
            _letThrough.Add(feature);
        }

        return true;
    }

    private static string MediaName(AIContent content) =>
        (content is DataContent data ? data.MediaType : ((UriContent)content).MediaType) is { Length: > 0 } type ? type : "UriContent";
}

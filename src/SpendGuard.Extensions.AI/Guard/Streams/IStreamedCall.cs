using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from the updates of a stream what the provider says of the call.</summary>
internal interface IStreamedCall<in TUpdate>
{
    /// <summary>Takes in the next update.</summary>
    void Observe(TUpdate update);

    /// <summary>What the updates have said, once there are no more.</summary>
    ProviderReport End();

    /// <summary>What they have said when the stream breaks off: a usage that is not known to be the last may be of less than is billed.</summary>
    /// <param name="reason">What happened, for the log.</param>
    ProviderReport BreakOff(string reason);
}

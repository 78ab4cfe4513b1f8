using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from the updates of a stream what the provider says of the call.</summary>
internal interface IStreamedCall<in TUpdate>
{
    /// <summary>Takes in the next update.</summary>
    void Observe(TUpdate update);

    /// <summary>What the updates have said, once there are no more.</summary>
    ProviderReport End();
}

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from the updates of a stream what the provider says of the call.</summary>
internal interface IStreamedCall<in TUpdate>
{
    void Observe(TUpdate update);

    /// <summary>What the updates have said.</summary>
    ServedCall Served();
}

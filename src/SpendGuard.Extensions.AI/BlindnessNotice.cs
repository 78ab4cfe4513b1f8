namespace SpendGuard.Extensions.AI;

/// <summary>
/// Says once of a client that what it sends cannot be seen: its retries are then not held for, and a property of each answer is looked at by few.
/// Only of a client that is known to send by HTTP; a fake, or a model in this process, sends nothing.
/// </summary>
internal sealed class BlindnessNotice(SpendGuardEngine engine, BilledClient client)
{
    private bool _told;

    public void Answered(CallAttempts attempts)
    {
        if (attempts.Count == 0 && client.UsesHttp && !Interlocked.Exchange(ref _told, true))
        {
            Log.AttemptsNotSeen(engine.Logger, client.ProviderName);
        }
    }
}

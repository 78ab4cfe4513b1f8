namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>
/// Tests beside which no others run. Listeners hear every call of the process; thousands of a test beside it would fill the queue of what is to
/// be exported, and spans that find it full are dropped.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

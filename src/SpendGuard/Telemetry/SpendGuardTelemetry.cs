namespace SpendGuard.Telemetry;

/// <summary>What spans and metrics go by.</summary>
public static class SpendGuardTelemetry
{
    /// <summary>The name of the activity source and of the meter, for <c>AddSource</c> and <c>AddMeter</c>.</summary>
    public const string Name = "SpendGuard";
}

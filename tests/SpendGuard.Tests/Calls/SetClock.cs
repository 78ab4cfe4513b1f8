using Microsoft.Extensions.Time.Testing;

namespace SpendGuard.Tests.Calls;

/// <summary>A clock that is set, beside a time that only goes on.</summary>
internal class SetClock : FakeTimeProvider
{
    public TimeSpan Step { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}

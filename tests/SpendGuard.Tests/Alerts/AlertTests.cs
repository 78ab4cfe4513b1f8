using SpendGuard.Alerts;

namespace SpendGuard.Tests.Alerts;

public sealed class AlertTests
{
    [Theory]
    [InlineData("")]
    [InlineData("evt.1")]
    [InlineData("evt 1")]
    [InlineData("evt_1\r\nx: y")]
    [InlineData("evt_é")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Id_ThatCouldMoveWhatIsSigned_IsRefused(string id) => Assert.Throws<ArgumentException>(() => SomeAlert.Of(id));

    [Fact]
    public void Json_IsWhatReceiversKnow_AndIsReadBack()
    {
        var alert = SomeAlert.Of();
        const string Json =
            """{"type":"spendguard.limit.threshold","timestamp":"2026-11-27T12:00:00Z","data":"""
            + """{"id":"evt_1","node_id":"team-red","limit":"month","percent":80,"granted_cents":50000,"granted_microcents":50000000000,"""
            + """
              "spent_cents":40001,"spent_microcents":40000000001,"held_cents":1200,"held_microcents":1200000000,"agent_id":"researcher"}}
              """;

        Assert.Equal(Json, AlertJson.Write(alert));
        Assert.Equal(alert, AlertJson.Read(Json));
    }

    [Fact]
    public void Json_OfAPause_SaysWhoHasPaused()
    {
        var alert = SomeAlert.Of() with { Kind = AlertKind.Paused, By = "alice" };

        Assert.Contains("\"by\":\"alice\"", AlertJson.Write(alert), StringComparison.Ordinal);
        Assert.Equal(alert, AlertJson.Read(AlertJson.Write(alert)));
    }

    [Fact]
    public void Json_OfEveryKind_IsReadBack() => Assert.All(
        Enum.GetValues<AlertKind>(), kind => Assert.Equal(kind, AlertJson.Read(AlertJson.Write(SomeAlert.Of() with { Kind = kind })).Kind));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"spendguard.node.paused","timestamp":"2026-11-27T12:00:00Z"}""")]
    [InlineData("""{"type":"spendguard.node.paused","timestamp":"2026-11-27T12:00:00Z","data":{"id":"a.b","node_id":"x"}}""")]
    [InlineData("""{"type":"spendguard.node.moved","timestamp":"2026-11-27T12:00:00Z","data":{"id":"evt_1","node_id":"x"}}""")]
    public void Json_ThatIsNoAlert_IsAFormatException(string json) => Assert.Throws<FormatException>(() => AlertJson.Read(json));

    [Theory]
    [InlineData(AlertKind.LimitThreshold, "The limit 'month' of 'team-red' is used to 80%, with $400.00000001 spent and $12.00 held of $500.00.")]
    [InlineData(AlertKind.Refused, "A call of agent 'researcher' was refused: the limit 'month' of 'team-red' is full, with $400.00000001 spent and $12.00 held of $500.00; it needs at least $0.12.")]
    [InlineData(AlertKind.Paused, "'team-red' is paused by alice: too much, too soon. No call is made under it until it is resumed.")]
    [InlineData(AlertKind.Resumed, "'team-red' is resumed by alice: too much, too soon.")]
    [InlineData(AlertKind.Overdrawn, "The limit 'month' of 'team-red' is overdrawn, with $400.00000001 spent and $12.00 held of $500.00 by a call of agent 'researcher'.")]
    [InlineData(AlertKind.Forfeited, "The hold of a call of agent 'researcher' was forfeited, $0.12 booked as spent: too much, too soon.")]
    [InlineData(AlertKind.ApprovalRequested, "A call of agent 'researcher' asks for more than the limit 'month' of 'team-red' has, with $400.00000001 spent and $12.00 held of $500.00; it needs at least $0.12. Approval 'apr_1' waits for an answer.")]
    public void Sentence_IsOnOneLine(AlertKind kind, string sentence)
    {
        var alert = SomeAlert.Of() with { Kind = kind, Required = Money.FromCents(12), By = "alice", Reason = "too much,\ntoo soon.", ApprovalId = "apr_1" };

        Assert.Equal(sentence, alert.ToString());
    }

    [Fact]
    public void Sentence_WithoutFigures_LeavesThemOut() => Assert.All(Enum.GetValues<AlertKind>(), kind =>
        Assert.DoesNotContain("  ", new Alert { Id = "evt_1", Kind = kind, At = default, Node = "n" }.ToString(), StringComparison.Ordinal));

    [Theory]
    [InlineData(1, null, 5)]
    [InlineData(2, null, 300)]
    [InlineData(3, null, 1800)]
    [InlineData(4, null, 7200)]
    [InlineData(5, null, 18000)]
    [InlineData(6, null, 36000)]
    [InlineData(7, null, 36000)]
    [InlineData(1, 60, 60)]
    [InlineData(1, 1, 5)]
    [InlineData(1, -1, 5)]
    [InlineData(1, 1_000_000, 3600)]
    [InlineData(7, 1_000_000, 36000)]
    public void Schedule_BacksOff_AndHeedsWhatIsAskedWithinBounds(int attempt, int? asked, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), AlertSchedule.PauseAfter(attempt, asked is { } wanted ? TimeSpan.FromSeconds(wanted) : null, chance: 0));

    [Fact]
    public void Schedule_SpreadsWhatFailedTogether_AndEnds()
    {
        Assert.Equal(TimeSpan.FromMinutes(6), AlertSchedule.PauseAfter(2, null, chance: 1));
        Assert.Null(AlertSchedule.PauseAfter(8, null, chance: 0));
        Assert.Null(AlertSchedule.PauseAfter(9, TimeSpan.FromSeconds(1), chance: 0));
    }
}

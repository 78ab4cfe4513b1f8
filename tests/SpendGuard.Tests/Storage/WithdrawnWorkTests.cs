using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Tests.Storage;

/// <summary>Work that was withdrawn while it waited for the writer, in the moment before its caller is told.</summary>
public sealed class WithdrawnWorkTests
{
    [Fact]
    public async Task BatchIsCommitted_WithdrawnWorkHasNoAnswer()
    {
        var work = new Question();
        Assert.True(work.Withdraw());
        work.Complete();
        Assert.False(work.Task.IsCompleted);

        work.Fail(new IOException("the disk is full"));
        await Assert.ThrowsAsync<IOException>(() => work.Task);
    }

    [Fact]
    public void WithdrawnByItsCaller_IsCancelled_WhateverBecomesOfTheBatch()
    {
        using var stop = new CancellationTokenSource();
        var work = new Question();
        work.WithdrawWhen(stop.Token);
        stop.Cancel();
        work.Complete();
        Assert.True(work.Task.IsCanceled);
        Assert.False(work.TryTakeUp());
    }

    private sealed class Question : SqliteWork<string>
    {
        public override bool Writes => false;

        public bool Withdraw() => TryWithdraw();

        public override void Decide(SqliteSession session) => Answer = "answer";
    }
}

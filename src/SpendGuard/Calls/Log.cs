using Microsoft.Extensions.Logging;
using SpendGuard.Budgets;
using SpendGuard.Pricing;

namespace SpendGuard.Calls;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Refused a call of agent {Agent} to {Model}: {Status}; it needs at least {Required}.")]
    public static partial void Refused(ILogger logger, AgentId agent, string? model, BudgetStatus status, Money required);

    [LoggerMessage(2, LogLevel.Warning, "Reservation {Reservation} of agent {Agent} is forfeited, {Booked} booked as spent: {Reason}.")]
    public static partial void Forfeited(ILogger logger, ReservationId reservation, AgentId agent, Money booked, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Reservation {Reservation} of agent {Agent} expired, {Booked} booked as spent.")]
    public static partial void Expired(ILogger logger, ReservationId reservation, AgentId agent, Money booked);

    [LoggerMessage(4, LogLevel.Error,
        "The provider billed {Charged} for reservation {Reservation} of agent {Agent}, more than the {Held} held. All of it is booked.")]
    public static partial void Overrun(ILogger logger, ReservationId reservation, AgentId agent, Money charged, Money held);

    [LoggerMessage(5, LogLevel.Error, "The store could not commit for reservation {Reservation}; its hold stays until it can.")]
    public static partial void NotCommitted(ILogger logger, Exception exception, ReservationId reservation);

    [LoggerMessage(6, LogLevel.Information, "Could not learn what reservation {Reservation} cost after its caller had gone.")]
    public static partial void BackgroundFailed(ILogger logger, Exception exception, ReservationId reservation);

    [LoggerMessage(7, LogLevel.Warning,
        "What the provider counted for reservation {Reservation} of agent {Agent} contradicts itself: {Mismatch}. The dearer reading is charged, {Charged}.")]
    public static partial void Mismatch(ILogger logger, ReservationId reservation, AgentId agent, string mismatch, Money charged);

    [LoggerMessage(8, LogLevel.Warning,
        "Reservation {Reservation} of agent {Agent} is charged {Charged} at the price that is set for {Model}, but the provider says that {Served} served it.")]
    public static partial void ServedByAnother(ILogger logger, ReservationId reservation, AgentId agent, Money charged, ModelKey model, string served);

    [LoggerMessage(9, LogLevel.Warning,
        "What was meant for reservation {Reservation} was not committed before the engine closed. What is held for it is forfeited when it expires.")]
    public static partial void LeftToExpire(ILogger logger, ReservationId reservation);

    [LoggerMessage(11, LogLevel.Error,
        "The batch of reservation {Reservation} of agent {Agent} could not be given its name: {Status}. It is forfeited when its hold expires.")]
    public static partial void NotNamed(ILogger logger, ReservationId reservation, AgentId agent, BudgetStatus status);

    [LoggerMessage(12, LogLevel.Warning, "The call of reservation {Reservation} of agent {Agent} is cut: node {Node} is paused.")]
    public static partial void Cut(ILogger logger, ReservationId reservation, AgentId agent, NodeId node);

    [LoggerMessage(13, LogLevel.Error, "Something failed while the call of reservation {Reservation} was being cut.")]
    public static partial void CutFailed(ILogger logger, Exception exception, ReservationId reservation);

    [LoggerMessage(14, LogLevel.Warning, "Whether a node was paused could not be looked up; it is tried again.")]
    public static partial void NotLooked(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Warning, "{Count} refusals could not be counted for reports; they are tried again with the next.")]
    public static partial void RefusalsNotCounted(ILogger logger, Exception exception, long count);

    [LoggerMessage(10, LogLevel.Information, "Run {Run} refused a call of agent {Agent} to {Model}: {Status}; it needs at least {Required}.")]
    public static partial void RefusedByRun(ILogger logger, RunId run, AgentId agent, string? model, BudgetStatus status, Money required);
}

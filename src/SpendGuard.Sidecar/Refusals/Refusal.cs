using SpendGuard.Budgets;
using SpendGuard.Sidecar.Dialects.Tables;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>What a refused request is answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">The sentence that callers of the original know, to the letter where it was fixed.</param>
/// <param name="Message">What happened, the figures, and what to do next.</param>
internal sealed record Refusal(int Status, string Detail, string Message)
{
    /// <summary>For a body that does not come; what the server says of it is about its own settings.</summary>
    public const string TooSlow = "The body of the request came too slowly, or not to its end. Nothing was sent to a provider; send it again.";

    public Refusal(int status, string sentence)
        : this(status, sentence, sentence)
    {
    }

    /// <summary>What <see cref="Code"/> is of a call under a node that is paused.</summary>
    public const string Paused = "paused";

    /// <summary>A name for the error, where a client acts on it: the provider's own, or one of ours.</summary>
    public string? Code { get; init; }

    /// <summary>What its client is told of sending the call again; null where that is for the client to know.</summary>
    public bool? Retry => IsLocked ? true
        : Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable ? null
        : false;

    /// <summary>Whether the same call fits once others have ended.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The message as an envelope has it: no figure in it is taken for a status. What a provider says stays as it is.</summary>
    public string ForClients => IsProviders ? Message : StatusFigure.Hide(Message);

    /// <summary>The limit that has refused; null where none has, or where the sentence says all.</summary>
    public RefusedLimit? Limit { get; init; }

    /// <summary>The request for approval that it has left, or waits for with others; null for none.</summary>
    public ApprovalId? Approval { get; init; }

    /// <summary>Whether it is the provider that says it.</summary>
    public bool IsProviders { get; init; }

    /// <summary>The refusal of a call that a pause has cut, or kept from being made.</summary>
    public static Refusal Of(NodePausedException paused) => new(StatusCodes.Status403Forbidden, paused.Message) { Code = Paused };

    /// <summary>One for want of budget: where it is the agent's own, with how that is topped up.</summary>
    private static Refusal Of(Exception exception, InsufficientBudgetException? insufficient, TopUpWay way)
    {
        var topUp = insufficient is { Account: null, Approval: null, Run: null } ? " " + way.Of(insufficient.Agent) : "";
        return new(StatusCodes.Status402PaymentRequired, exception.Message + topUp)
        {
            Limit = RefusedLimit.Of(exception),
            Approval = insufficient?.Approval,
        };
    }

    /// <summary>The refusal that an exception stands for; null for a defect.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="way">How a budget is topped up; null for the command.</param>
    public static Refusal? Of(Exception exception, TopUpWay? way = null) => exception switch
    {
        BadRequestException bad => new(bad.Status, bad.Message, bad.Told ?? bad.Message) { Code = bad.Code },
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new(StatusCodes.Status408RequestTimeout, TooSlow),
        BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
        InsufficientBudgetException or CountedRefusalException => Of(exception, exception as InsufficientBudgetException ?? exception.InnerException as InsufficientBudgetException, way ?? TopUpWay.Command),
        BudgetLockedException { IsByBatches: true } => new(StatusCodes.Status409Conflict, "Agent budget is locked by batches", exception.Message),
        BudgetLockedException => new(
            StatusCodes.Status409Conflict, "Agent budget is locked by an in-flight run", exception.Message) { IsLocked = true, Limit = RefusedLimit.Of(exception) },
        NameTakenException => new(StatusCodes.Status409Conflict, exception.Message) { Code = "name_taken" },
        IdConflictException => new(StatusCodes.Status409Conflict, exception.Message) { Code = "id_conflict" },
        TreeException or ApprovalOverException => new(StatusCodes.Status409Conflict, exception.Message),
        NodePausedException paused => Of(paused),
        BudgetNotFoundException => new(StatusCodes.Status404NotFound, "Budget not found", exception.Message) { Code = NotFound.BudgetCode },
        NodeNotFoundException or ApprovalNotFoundException => new(StatusCodes.Status404NotFound, exception.Message),
        AgentNotFoundException => new(StatusCodes.Status404NotFound, "Agent not found", exception.Message) { Code = NotFound.AgentCode },
        UnknownModelException unknown => new(
            StatusCodes.Status400BadRequest, $"Unknown model for pricing: {unknown.Model}", exception.Message),
        UnboundedCostException => new(StatusCodes.Status400BadRequest, exception.Message),
        StoreUnavailableException or PricesExpiredException or TablesExpiredException or StoppingException => new(StatusCodes.Status503ServiceUnavailable, exception.Message),
        MissingKeyException => new(StatusCodes.Status500InternalServerError, exception.Message),
        OverflowException => new(StatusCodes.Status400BadRequest, "An amount is out of range. Give a smaller one."),
        _ => null,
    };
}

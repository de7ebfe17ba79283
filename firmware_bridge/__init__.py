"""Bytes of sensors and files of recording apps to samples, and back for the simulator.

Nothing here touches a radio, a file, a clock or a log: bytes come in as arguments, values go out.
"""

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.capture import (
    Capture,
    CapturedNotification,
    capture_header,
    capture_line,
    read_capture,
)
from firmware_bridge.decoder import Decoder, SampleIndex, SensorFamily, Settings
from firmware_bridge.device import (
    GattCharacteristic,
    GattService,
    Sampled,
    Sent,
    SimulatedDevice,
)
from firmware_bridge.dialogue import Answer, Command, Read, Refusal, Step
from firmware_bridge.errors import (
    FirmwareBridgeError,
    UnencodableValueError,
    UnknownSensorError,
    UnreadableCaptureError,
    UnreadableExportError,
    UnreadableFormatError,
    UnusableExperimentError,
    WriteRefusedError,
)
from firmware_bridge.exports import Export, read_export, write_generic_csv
from firmware_bridge.metamotion import (
    MetaMotionDecoder,
    encode_metamotion,
    encode_metamotion_battery,
)
from firmware_bridge.movesense import MovesenseDecoder, encode_movesense, encode_movesense_answer
from firmware_bridge.packets import (
    BatteryLevel,
    DamagedFrame,
    Decoded,
    ImuPacket,
    RegisterReply,
    Vector,
)
from firmware_bridge.phone.device_motion import DeviceMotionDecoder, encode_device_motion
from firmware_bridge.phone.phyphox import PhyphoxBuffers, PhyphoxPoll, encode_phyphox
from firmware_bridge.phone.platforms import PLATFORMS, PhonePlatform
from firmware_bridge.phone.sensor_logger import SensorLoggerPush, encode_sensor_logger
from firmware_bridge.polar import PolarDecoder, encode_polar, encode_polar_answer
from firmware_bridge.registry import SENSORS, SIMULATED_DEVICES, find_sensor, make_simulated
from firmware_bridge.simulated.uart import SimulatedTextSensor
from firmware_bridge.text_format import TextFormat, read_text_format, text_format_of
from firmware_bridge.text_lines import UartDecoder, encode_text
from firmware_bridge.thingy52 import Thingy52Decoder, encode_thingy52
from firmware_bridge.uart import encode_uart, uart_family
from firmware_bridge.unusable import UNUSABLE_SENSORS, UnusableSensor, find_unusable
from firmware_bridge.witmotion import (
    WitMotionDecoder,
    encode_register_reply,
    encode_witmotion,
    read_register,
)
from firmware_bridge.xsens_dot import XsensDotDecoder, encode_xsens_dot

__all__ = [
    "PLATFORMS",
    "SENSORS",
    "SIMULATED_DEVICES",
    "UNUSABLE_SENSORS",
    "Advertisement",
    "Answer",
    "BatteryLevel",
    "Capture",
    "CapturedNotification",
    "Command",
    "DamagedFrame",
    "Decoded",
    "Decoder",
    "DeviceMotionDecoder",
    "Export",
    "FirmwareBridgeError",
    "GattCharacteristic",
    "GattService",
    "ImuPacket",
    "MetaMotionDecoder",
    "MovesenseDecoder",
    "PhonePlatform",
    "PhyphoxBuffers",
    "PhyphoxPoll",
    "PolarDecoder",
    "Read",
    "Refusal",
    "RegisterReply",
    "SampleIndex",
    "Sampled",
    "SensorFamily",
    "SensorLoggerPush",
    "Sent",
    "Settings",
    "SimulatedDevice",
    "SimulatedTextSensor",
    "Step",
    "TextFormat",
    "Thingy52Decoder",
    "UartDecoder",
    "UnencodableValueError",
    "UnknownSensorError",
    "UnreadableCaptureError",
    "UnreadableExportError",
    "UnreadableFormatError",
    "UnusableExperimentError",
    "UnusableSensor",
    "Vector",
    "WitMotionDecoder",
    "WriteRefusedError",
    "XsensDotDecoder",
    "capture_header",
    "capture_line",
    "encode_device_motion",
    "encode_metamotion",
    "encode_metamotion_battery",
    "encode_movesense",
    "encode_movesense_answer",
    "encode_phyphox",
    "encode_polar",
    "encode_polar_answer",
    "encode_register_reply",
    "encode_sensor_logger",
    "encode_text",
    "encode_thingy52",
    "encode_uart",
    "encode_witmotion",
    "encode_xsens_dot",
    "find_sensor",
    "find_unusable",
    "make_simulated",
    "read_capture",
    "read_export",
    "read_register",
    "read_text_format",
    "text_format_of",
    "uart_family",
    "write_generic_csv",
]
